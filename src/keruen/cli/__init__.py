"""The command line: one file a command group, no logic, every heavy import inside its command."""
