"""The foreign peers among themselves: what fails here is the fault of the cases, not of our programs."""

from aio import Device
from cases_aiocoap_device import READ_ONLY, VALUES
from cases_leshan import START, manage_device, present, start_device, start_manager
from manage import manage
from peer import case

__all__ = ["present", "run"]


def run():
    manager, port = start_manager()

    scripted = Device("scripted", port, VALUES, READ_ONLY)
    with case("reference, aiocoap with Leshan: register"):
        scripted.register()
        manager.expect("^registered scripted")
    manage("reference, aiocoap with Leshan", manager, "scripted",
           change=lambda path, value: scripted.set(path, float(value)))
    scripted.close()

    device = start_device(port, "leshan")
    with case("reference, Leshan with Leshan: register"):
        device.expect("^registered ", wait=START)
        manager.expect("^registered leshan")
    manage_device("reference, Leshan with Leshan", manager, device, "leshan")
    device.stop("quit")
    manager.stop("quit")
