"""Letters by post, for members that are reached on paper: waiting, printed together, taken to the post."""
