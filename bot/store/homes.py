"""App Homes that were opened, and what they show."""

from datetime import datetime

from sqlite_utils import Database

from bot.restores.ports import Home
from bot.store.rows import epoch
from bot.store.workers import Workers


class OpenedHomes(Workers):
    """Implements the port `Homes`."""

    async def home_opened(self, user_id: str, now: datetime, language: str, *, empty: bool) -> None:
        sql = """
            INSERT INTO homes (user_id, opened_at, language) VALUES (:user_id, :at, :language)
            ON CONFLICT (user_id) DO UPDATE SET
                opened_at = :at, language = :language, digest = IIF(:empty, NULL, digest)
        """
        values = {"user_id": user_id, "at": epoch(now), "language": language, "empty": empty}
        await self._run(lambda db: db.execute(sql, values))

    async def open_homes(self, since: datetime) -> list[Home]:
        sql = "SELECT * FROM homes WHERE opened_at >= ? ORDER BY opened_at DESC, user_id"

        def work(db: Database) -> list[Home]:
            return [
                Home(row["user_id"], row["digest"], row["language"]) for row in db.query(sql, [epoch(since)])
            ]

        return await self._run(work)

    async def home_shown(self, user_id: str, digest: str) -> None:
        sql = "UPDATE homes SET digest = ? WHERE user_id = ?"
        await self._run(lambda db: db.execute(sql, [digest, user_id]))

    async def forget_home(self, user_id: str) -> None:
        await self._run(lambda db: db.execute("DELETE FROM homes WHERE user_id = ?", [user_id]))
