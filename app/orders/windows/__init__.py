"""Windows in which articles made in batches are ordered: opened, closed, sent to members or called off."""
