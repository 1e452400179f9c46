"""Run a command of the portal whose process believes in another time: `other_clock.py SECONDS python manage.py ...`.

Everything that Python tells of the time of day is so many seconds off; what measures how long something takes is not,
and the database keeps its own clock.
"""

import os
import runpy
import sys
import time
from datetime import UTC, datetime

import time_machine

offset, _python, program, *words = sys.argv[1:]
sys.path.insert(0, os.path.dirname(program))
sys.argv = [program, *words]
time_machine.travel(datetime.fromtimestamp(time.time() + float(offset), UTC), tick=True).start()
runpy.run_path(program, run_name="__main__")
