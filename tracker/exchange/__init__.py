"""How do tables come in from CSV and XLSX files, and how do they go out again?"""
