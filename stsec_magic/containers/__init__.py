"""What pickles come wrapped in, opened in memory, by content and within limits."""
