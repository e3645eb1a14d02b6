"""What happens on the pages of insight."""
