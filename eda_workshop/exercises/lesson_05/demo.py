"""A small service that publishes, with the faults that such services have; `find_the_bug` asks for them.

It is shown with line numbers, and the tests run it to see that each fault does what the exercise says.
"""

DEMO = """\
class FolderService:
    def __init__(self, disk, broker):
        self.disk = disk
        self.broker = broker

    def create(self, path):
        self.disk.append(path)
        try:
            self.broker.publish(
                "folder.create",
                {"method": "POST", "path": path},
            )
        except Exception:
            pass


class Worker:
    def __init__(self, disk, broker):
        self.disk, self.count = disk, 0
        broker.subscribe("folder.*", self.on_message)
        broker.subscribe("folder.create", self.on_message)

    def on_message(self, name, data):
        action = data["method"]
        self.count += 1
        if action == "POST" and data["path"] not in self.disk:
            self.disk.append(data["path"])
"""


def numbered() -> str:
    """The source with line numbers from 1."""
    return "\n".join(f"{number:2}  {line}" for number, line in enumerate(DEMO.splitlines(), 1))


def line_of(text: str) -> int:
    """The number of the only line that holds this text."""
    (number,) = [number for number, line in enumerate(DEMO.splitlines(), 1) if text in line]
    return number
