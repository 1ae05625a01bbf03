"""What must hold for the whole project, whoever writes in it."""
