"""Activities of the internal control plan: what is done about a risk beside controlling it, by whom and until when."""
