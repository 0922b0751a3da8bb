"""Small worlds that commands are called in: studies, broken studies, runs."""

from __future__ import annotations

import atexit
import io
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from keruen.cli.main import run as run_command_line
from keruen.exchange.railjson import write_railjson
from keruen.model import load_model
from keruen.model.templates import new_study
from support.small_study import NODES, write_study
from support.tiny_study import hauled_tables, row_of, write_tiny

Make = Callable[[Path], Path]

TARGETS = """\
id,name_en,name_kk,kind,metric,subject_table,subject_row,level,wanted,unit,by_year,\
definition_en,definition_kk,source,confidence
enough,Enough,Жеткілікті,claim,line_capacity_pairs,lines,steppe,available,20,pairs/day,2028,\
Pairs a day over the hardest section.,Ең қиын аралықтың жұбы.,worked_example,published
too_much,Too much,Тым көп,target,line_capacity_pairs,lines,steppe,available,40,pairs/day,2028,\
Twice as many.,,worked_example,published
share,A share,Үлес,fact,share,lines,steppe,available,0.85,1,,\
Share of the freight.,,worked_example,published
"""


def right(folder: Path) -> Path:
    """Write a study without a fault."""
    return write_study(folder)


def wrong(folder: Path) -> Path:
    """Write a study with hostile and impossible cells."""
    nodes = NODES + 'far away,staton,KZ,"\u202e[red]\x1b[2J",register,official\n'
    return write_study(folder, nodes=nodes)


def nothing(folder: Path) -> Path:
    """Make a folder that holds nothing."""
    folder.mkdir()
    return folder


def absent(folder: Path) -> Path:
    """Make nothing."""
    return folder


def railway(folder: Path) -> Path:
    """Make a folder with the network of a template as a railJSON file."""
    with TemporaryDirectory() as place:
        study = Path(place) / "way"
        new_study(study, "corridor")
        folder.mkdir()
        write_railjson(load_model(study).in_year(2026), folder / "net.json")
    return folder


def template(name: str) -> Make:
    """Write one of the templates."""

    def make(folder: Path) -> Path:
        new_study(folder, name)
        return folder

    return make


def line(folder: Path) -> Path:
    """Write the template of a railway line, with targets."""
    new_study(folder, "rail-line")
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return folder


TRAINS = """\
train,train_class,node,arrival,departure
1,freight,aidyn,,06:00
1,freight,bulaq,06:22,06:22
1,freight,tepe,06:50,
1,freight,dala,07:12,
2,freight,dala,,05:40
2,freight,tepe,06:03,06:53
2,freight,bulaq,07:20,
2,freight,aidyn,07:45,
"""


def timetabled(folder: Path) -> Path:
    """Write the template of a railway line, a timetable, and one that is wrong."""
    new_study(folder, "rail-line")
    other = folder.with_name(f"{folder.name}-timetables")
    other.mkdir()
    (other / "trains.csv").write_text(TRAINS, encoding="utf-8")
    wrong_trains = TRAINS.replace("1,freight,bulaq,06:22,06:22\n", "").replace("07:45,", "05:45,")
    (other / "wrong.csv").write_text(wrong_trains, encoding="utf-8")
    return folder


def hauled(folder: Path) -> Path:
    """Write a corridor whose first section is electrified and whose trains have locomotives."""
    tables = hauled_tables()
    row_of(tables, "sections", "ab")["traction"] = "25kv_ac"
    return write_tiny(folder, tables)


@cache
def _line_run() -> TemporaryDirectory[str]:
    """A run of the railway line, made once in a process; gone when the process ends."""
    world = TemporaryDirectory(prefix="keruen-test-")
    atexit.register(world.cleanup)
    study, run = line(Path(world.name) / "line"), Path(world.name) / "run"
    arguments = ("run", str(study), "--seed", "7", "-o", str(run), "--json")
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        assert run_command_line(arguments) == 0
    return world


def line_run(folder: Path) -> Path:
    """Give the folder of a run of the railway line."""
    return Path(shutil.copytree(Path(_line_run().name) / "run", folder))


def damaged_run(folder: Path) -> Path:
    """Run the railway line, and change one of the files of the run."""
    line_run(folder)
    nodes = folder / "inputs" / "nodes.csv"
    nodes.write_text(nodes.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    return folder


TNTP_NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 3
<END OF METADATA>
~ init term capacity length free b power speed toll type ;
1 2 4 1 1 1 1 0 0 1 ;
1 3 8 1 1 0.5 1 0 0 1 ;
3 2 8 1 1 0.5 1 0 1 1 ;
"""
TNTP_TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 10
<END OF METADATA>
Origin 1
 2 : 10 ;
"""


def tntp(folder: Path) -> Path:
    """A network of two ways and its trips in the TNTP format, and one with a wrong line."""
    folder.mkdir()
    (folder / "a_net.tntp").write_text(TNTP_NET, encoding="utf-8")
    (folder / "a_trips.tntp").write_text(TNTP_TRIPS, encoding="utf-8")
    wrong_net = TNTP_NET.replace("3 2 8 1 1", "3 9 8 1 x")
    (folder / "wrong_net.tntp").write_text(wrong_net, encoding="utf-8")
    return folder
