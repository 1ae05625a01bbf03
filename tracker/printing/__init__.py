"""How do texts and numbers become Word and PDF files? In processes of their own, which can do nothing else."""
