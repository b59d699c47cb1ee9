"""The chat screen: its layout, and what stands around the timeline."""
