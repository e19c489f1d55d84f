"""How a bid looks: its sections, texts and pictures of its own, and the sales company's style."""
