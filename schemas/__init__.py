"""Every shape that crosses a border, pure."""
