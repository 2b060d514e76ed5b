# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% wrong="Settings: looks for the name inside the joined text of ignore and self; breaks: everything is stored except self, the names in ignore, seen with ignore=['weight_decay'] and an argument named weight, or with ignore=['title'] and an argument named it"
class Settings:
    """For classes that want to remember what they were made with."""

    def save_hyperparameters(self, ignore=()) -> None:
        """Makes the arguments of the calling __init__ attributes, and keeps them in self.hparams."""
        arguments = inspect.currentframe().f_back.f_locals
        left_out = "self " + " ".join(ignore)
        kept = {name for name in arguments if not name.startswith("_") and name not in left_out}
        self.hparams = {name: arguments[name] for name in kept}
        for name, value in self.hparams.items():
            setattr(self, name, value)
