"""Boots of guests, as far as cloud-init goes, without touching the machine it runs on.

Started with the folder where Debian's packages are unpacked. For each line of JSON on standard input one boot: `state` (the guest's disk:
cloud-init's own folder lies there from boot to boot), `names` (what the guest's kernel calls its interfaces, by MAC), `environment` (what
vCenter would hand in as guestinfo, in the other way by which cloud-init's VMware datasource takes it) and `password`. Each is answered by a
line of JSON. Every boot is a process of its own, that has loaded cloud-init already.

What is cloud-init's own: reading and decoding, telling a new instance from a known one, whether the network is applied, merging user data,
translating the network for each system, the schema. What is replaced: where its folders are, what interfaces the kernel has, and whatever
would change this machine.
"""

import ctypes
import inspect
import json
import logging
import os
import shutil
import sys
import tempfile
import traceback

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True

from cloudinit import distros, helpers, stages, util  # noqa: E402
from cloudinit.config import cc_set_passwords, schema  # noqa: E402
from cloudinit.distros import rhel  # noqa: E402
from cloudinit.net import (  # noqa: E402
    eni,
    netplan,
    network_manager,
    network_state,
    networkd,
    sysconfig,
)
from cloudinit.settings import PER_ALWAYS, PER_INSTANCE  # noqa: E402
from cloudinit.version import version_string  # noqa: E402

complaints = []


class Complaints(logging.Handler):
    def emit(self, record):
        complaints.append("%s: %s" % (record.name, record.getMessage()))


logging.getLogger().addHandler(Complaints(logging.WARNING))


def use_folders(paths):
    """Before its configuration is read, cloud-init looks at fixed places; here those are the guest's."""
    original = helpers.Paths.__init__

    def init(self, path_cfgs, ds=None):
        original(self, {**paths, **path_cfgs}, ds)

    helpers.Paths.__init__ = init


def image_config(paths):
    """What /etc/cloud/cloud.cfg of an image says."""
    return {
        "datasource_list": ["VMware"],
        "users": ["default"],
        "system_info": {"distro": "debian", "default_user": {"name": "debian"}, "paths": paths},
    }


def replace_machine(names):
    network_state.get_interfaces_by_mac = lambda *_args, **_kwargs: dict(names)
    network_state.find_interface_name_from_mac = names.get
    util.chownbyname = lambda *_args, **_kwargs: None
    cc_set_passwords.handle_ssh_pwauth = lambda *_args, **_kwargs: None


RENDERERS = {
    "netplan": lambda: netplan.Renderer({"netplan_path": "etc/netplan/50-cloud-init.yaml"}),
    "networkd": lambda: networkd.Renderer({}),
    "eni": lambda: eni.Renderer({"eni_path": "etc/network/interfaces", "netrules_path": None}),
    "sysconfig": lambda: sysconfig.Renderer(rhel.Distro.renderer_configs["sysconfig"]),
    "network-manager": lambda: network_manager.Renderer({}),
}


def render(config, state):
    """The files that each kind of system would be given."""
    rendered = {}
    for kind, make in RENDERERS.items():
        with tempfile.TemporaryDirectory(dir=state) as target:
            renderer = make()
            parsed = network_state.parse_net_config_data(json.loads(json.dumps(config)), renderer=renderer)
            renderer.render_network_state(parsed, target=target)
            rendered[kind] = files_below(target)
    return rendered


def netplan_of(rendered):
    """The one of the formats that is better read here, where a reader of YAML is."""
    if rendered is None:
        return None
    (text,) = rendered["netplan"].values()
    return util.load_yaml(text)["network"]


def files_below(folder):
    found = {}
    for at, _folders, files in os.walk(folder):
        for name in files:
            path = os.path.join(at, name)
            with open(path, encoding="utf-8") as file:
                found["/" + os.path.relpath(path, folder)] = file.read()
    return found


def call(function, **values):
    """Calls it with those of the values that this version of it takes."""
    wanted = inspect.signature(function).parameters
    return function(**{name: value for name, value in values.items() if name in wanted})


def passwords(config, cloud, password):
    """What chpasswd would be told, and whether libcrypt takes it for the password."""
    told = []
    distro = cloud.distro
    distro.chpasswd = lambda plist, hashed: told.extend([*entry, hashed] for entry in plist)
    distro.expire_passwd = lambda user: told.append([user, "expired", False])
    call(
        cc_set_passwords.handle,
        name="set-passwords",
        cfg=config,
        cloud=cloud,
        log=logging.getLogger("passwords"),
        args=[],
    )
    if not told or password is None:
        return {"told": told, "accepted": None}
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    kept = told[0][1].encode()
    return {"told": told, "accepted": crypt(password.encode(), kept) == kept}


def schema_errors(config):
    try:
        call(
            schema.validate_cloudconfig_schema,
            config=config,
            schema=schema.get_schema(),
            strict=True,
        )
        return None
    except schema.SchemaValidationError as error:
        return str(error)


def boot(given):
    state = given["state"]
    paths = {"cloud_dir": os.path.join(state, "cloud"), "run_dir": os.path.join(state, "run")}
    # It is in memory, and gone with each boot.
    shutil.rmtree(paths["run_dir"], ignore_errors=True)
    os.environ.update(given["environment"])
    use_folders(paths)
    stages.fetch_base_config = lambda *_args, **_kwargs: image_config(paths)
    replace_machine(given["names"])

    applied = []
    distros.Distro.apply_network_config = lambda _self, config, bring_up=False: applied.append(config)

    init = stages.Init(ds_deps=["FILESYSTEM"])
    init.read_cfg()
    init.initialize()
    init.fetch(existing="check")
    init.instancify()
    networking = init.distro.networking
    networking.apply_network_config_names = lambda _config: None
    networking.wait_for_physdevs = lambda _config, **_kwargs: None
    init.apply_network_config(bring_up=False)
    init.update()
    ran, _results = init.cloudify().run(
        "consume_data", init.consume_data, args=[PER_INSTANCE], freq=PER_INSTANCE
    )
    if not ran:
        init.consume_data(PER_ALWAYS)

    merged = util.load_yaml(text_of(init.paths.get_ipath_cur("cloud_config"))) or {}
    cloud = init.cloudify()
    name = util.get_hostname_fqdn({}, cloud)
    rendered = render(applied[0], state) if applied else None
    return {
        "version": version_string(),
        "instance": str(init.datasource.get_instance_id()),
        "hostName": name[0],
        "fqdn": name[1],
        "network": applied[0] if applied else None,
        "rendered": rendered,
        "netplan": netplan_of(rendered),
        "config": merged,
        "scripts": files_below(init.paths.get_ipath_cur("scripts")),
        "passwords": passwords({**image_config(paths), **merged}, cloud, given.get("password")),
        "schemaErrors": schema_errors(merged),
        "complaints": complaints,
    }


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def answer(line):
    try:
        return boot(json.loads(line))
    except Exception:
        return {"error": traceback.format_exc()}


answers = sys.stdout
# cloud-init prints a line here and there.
sys.stdout = sys.stderr
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        answers.write(json.dumps(answer(line)) + "\n")
        answers.flush()
        os._exit(0)
    os.waitpid(child, 0)
