"""Python imports this as it starts: no name but those of the stand-ins resolves."""

import os
import socket

resolve = socket.getaddrinfo


def getaddrinfo(host, port, *args, **kwargs):
    if host not in os.environ["STANDIN_HOSTS"].split():
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return resolve("127.0.0.1", os.environ["STANDIN_PORT"], *args, **kwargs)


socket.getaddrinfo = getaddrinfo
