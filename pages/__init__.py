"""Pages: what stands on each screen. A file per noun, a `layout()` that draws a skeleton and asks nothing."""
