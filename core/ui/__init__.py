"""The page kit: the only room of core that draws. Pages put themselves together from what stands here."""
