"""The world in which the tests run a script: the stand-ins, and nothing beyond.

Python imports a module of this name as it starts, if it finds one on PYTHONPATH. The
services' host names resolve to the stand-ins and every other name fails to resolve.
os.rename refuses to overwrite, as it does on Windows, on every system.
"""

import os
import socket

hosts = os.environ["STANDIN_HOSTS"].split()
stand_ins = "127.0.0.1", int(os.environ["STANDIN_PORT"])
resolve = socket.getaddrinfo
rename_over = os.rename


def getaddrinfo(host, port, *args, **kwargs):
    if host not in hosts:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return resolve(*stand_ins, *args, **kwargs)


def rename(source, target, **kwargs):
    if os.path.exists(target):
        raise FileExistsError(f"Cannot create a file when {target} already exists")
    rename_over(source, target, **kwargs)


socket.getaddrinfo = getaddrinfo
os.rename = rename
