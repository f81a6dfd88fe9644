// Loaded once to learn whether modules like it can be loaded beside other loader hooks.
