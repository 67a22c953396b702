"""Modal forms. A form class owns its ids, builds its view and parses what comes back."""
