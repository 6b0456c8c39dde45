"""What is checked in a project's files: what git has of them, what they are set to, which keys nobody set."""
