"""The peer's side of bench/running_time.py: runs in its own environment and prints one JSON object.

Train, corridor and control are those of the peer's demonstration of a speed-limited train on its
simple corridor, read from the data inside its package. The timed run keeps no history; the one that
is compared keeps every second.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from typing import Any

import altrios as alt
from altrios import Network, SpeedLimitTrainSim, TrainSimBuilder

CARS = {"Manifest_Loaded": 50, "Manifest_Empty": 50}


def builder() -> TrainSimBuilder:
    resources = alt.resources_root()
    vehicles = [
        alt.RailVehicle.from_file(resources / f"rolling_stock/{name}.yaml") for name in CARS
    ]
    cars = alt.TrainConfig(
        rail_vehicles=vehicles,
        n_cars_by_type=CARS,
        train_length_meters=None,
        train_mass_kilograms=None,
    )
    locomotives = [
        alt.Locomotive.default_battery_electric_loco(),
        alt.Locomotive.default_hybrid_electric_loco(),
        *(alt.Locomotive.default() for _ in range(7)),
    ]
    return alt.TrainSimBuilder(
        train_id="0",
        origin_id="A",
        destination_id="B",
        train_config=cars,
        loco_con=alt.Consist(locomotives),
    )


def walked(network: Network, save_interval: int | None) -> tuple[SpeedLimitTrainSim, float]:
    places = alt.import_locations(alt.resources_root() / "networks/simple_corridor_locations.csv")
    train = builder().make_speed_limit_train_sim(location_map=places, save_interval=save_interval)
    train.set_save_interval(save_interval)
    estimated, _ = alt.make_est_times(train, network)
    path = alt.run_dispatch(network, alt.SpeedLimitTrainSimVec([train]), [estimated], False, False)[
        0
    ]
    before = time.process_time()
    train.walk_timed_path(network=network, timed_path=path)
    return train, time.process_time() - before


def told(train: SpeedLimitTrainSim) -> dict[str, Any]:
    """What our side needs to run the same train, and the peer's own results."""
    found = train.to_pydict()
    history, consist = found["history"], found["loco_con"]
    first, last = 0, -1
    return {
        "version": version("altrios"),
        "start_m": history["offset_meters"][first],
        "end_m": history["offset_meters"][last],
        "length_m": history["length_meters"][last],
        "mass_kg": history["mass_static_kilograms"][last],
        "rotating_kg": history["mass_rot_kilograms"][last],
        "locomotive_kg": [one["mass_kilograms"] for one in consist["loco_vec"]],
        "effort_n": sum(one["force_max_newtons"] for one in consist["loco_vec"]),
        "power_w": max(consist["history"]["pwr_out_max_watts"]),
        "motor_brake_w": max(consist["history"]["pwr_dyn_brake_max_watts"]),
        "friction_brake_n": found["fric_brake"]["force_max_newtons"],
        "resistance": found["train_res"]["Strap"],
        "grades": found["path_tpc"]["grades"],
        "curves": found["path_tpc"]["curves"],
        "limits": found["path_tpc"]["speed_points"],
        "trip_s": history["time_seconds"][last] - history["time_seconds"][first],
        "net_wheel_j": history["energy_whl_out_joules"][last],
        "pulling_j": history["energy_whl_out_pos_joules"][last],
    }


def main() -> None:
    network = alt.Network.from_file(alt.resources_root() / "networks/simple_corridor_network.yaml")
    answer = told(walked(network, 1)[0])
    answer["cpu_s"] = walked(network, None)[1]
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
