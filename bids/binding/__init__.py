"""Parts of a document that were pressed apart, bound to one PDF with its tags, bookmarks, links and page numbers."""
