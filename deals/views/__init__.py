"""Public pages, one module a page or a family of pages. They read editions and reference data."""
