"""`python -m bot` is `restorebot`."""

from bot.cli import main

main()
