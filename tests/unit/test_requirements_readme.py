"""The README's table of parameters is the one the bot goes by."""

from pathlib import Path

from bot.restores.requirements_table import markdown

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_readme_shows_the_table_as_it_is() -> None:
    _, _, rest = README.partition("<!-- parameters -->\n")
    shown, end, _ = rest.partition("\n<!-- /parameters -->")
    assert end, "the README has no <!-- parameters --> … <!-- /parameters -->"
    assert shown.strip() == markdown()
