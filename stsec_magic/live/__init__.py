"""What is known only inside a running kernel."""
