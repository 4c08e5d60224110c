"""Where state lives: engine, tables, migrations."""
