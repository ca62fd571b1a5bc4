"""What Supastate costs, measured on real services against the barest thing that could do the same."""
