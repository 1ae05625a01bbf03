"""Long lists as files: made beside the request that asked, kept sealed for a day, and given to who asked alone."""
