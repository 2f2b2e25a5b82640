"""Makes test/testdata/published-types.json out of the type descriptions published with pyVmomi (Apache License 2.0).

    node -e "import('./packages/vsphere/test/support/wanted-types.ts').then((m) => console.log(JSON.stringify(m.wantedTypes())))" \
      | python3 packages/vsphere/scripts/extract-published-types.py FOLDER-OF-pyVmomi > packages/vsphere/test/testdata/published-types.json

FOLDER-OF-pyVmomi holds _typeinfo_vim.py, _typeinfo_core.py and _typeinfo_query.py. Only names, order, types and
optionality of what this package sends or reads are taken.
"""

import json
import os
import sys

wanted = json.load(sys.stdin)
data, managed, enums, names = {}, {}, set(), {}


def create_data_type(name, wsdl, base, _version, fields, *_):
    data[name] = (wsdl, base, fields or [])
    names[name] = wsdl


def create_managed_type(name, wsdl, base, _version, properties, methods, *_):
    managed[name] = (wsdl, base, properties or [], methods or [])
    names[name] = wsdl


def create_enum_type(name, *_):
    enums.add(name)


scope = {
    "CreateDataType": create_data_type,
    "CreateManagedType": create_managed_type,
    "CreateEnumType": create_enum_type,
    "AddVersion": lambda *_: None,
    "AddVersionParent": lambda *_: None,
    "AddBreakingChangesInfo": lambda *_: None,
    "F_LINK": 1,
    "F_LINKABLE": 2,
    "F_OPTIONAL": 4,
    "F_SECRET": 8,
}
for part in ("core", "query", "vim"):
    with open(os.path.join(sys.argv[1], f"_typeinfo_{part}.py"), encoding="utf-8") as source:
        lines = [line for line in source if line.startswith("Create")]
    exec("".join(lines), scope)

# pyVmomi makes these three in code, as they derive from what its descriptions define.
create_data_type(
    "vmodl.MethodFault",
    "MethodFault",
    "vmodl.DynamicData",
    None,
    [
        ("faultCause", "vmodl.MethodFault", None, scope["F_OPTIONAL"]),
        ("faultMessage", "vmodl.LocalizableMessage[]", None, scope["F_OPTIONAL"]),
    ],
)
create_data_type("vmodl.RuntimeFault", "RuntimeFault", "vmodl.MethodFault", None, [])
create_data_type(
    "vmodl.LocalizedMethodFault",
    "LocalizedMethodFault",
    "vmodl.DynamicData",
    None,
    [
        ("fault", "the fault itself", None, 0),
        ("localizedMessage", "string", None, scope["F_OPTIONAL"]),
    ],
)

SIMPLE = {
    "the fault itself": "MethodFault",
    # Everywhere else a fault is sent with its message around it.
    "vmodl.MethodFault": "LocalizedMethodFault",
    "vmodl.TypeName": "string",
    "vmodl.PropertyPath": "string",
    "vmodl.MethodName": "string",
    "vmodl.URI": "string",
    "vmodl.DateTime": "dateTime",
    "anyType": "anyType",
}


def type_name(name):
    if name.endswith("[]"):
        return type_name(name[:-2]) + "[]"
    if name in SIMPLE:
        return SIMPLE[name]
    if name in enums:
        return "string"
    if name in managed or name == "vmodl.ManagedObject":
        return "MoRef"
    return names.get(name, name)


def field_type(field):
    # A link is sent as the key of what it points to.
    if field[3] & scope["F_LINK"]:
        return "string[]" if field[1].endswith("[]") else "string"
    return type_name(field[1])


def all_fields(name):
    if name not in data:
        return []
    _, base, fields = data[name]
    return all_fields(base) + [(f[0], field_type(f), bool(f[3] & scope["F_OPTIONAL"])) for f in fields]


def base_types(name):
    base = data[name][1]
    return [names[base], *base_types(base)] if base in data else []


def all_properties(name):
    if name not in managed:
        return {}
    _, base, properties, _ = managed[name]
    own = {p[0]: p[1] for p in properties}
    return all_properties(base) | own


by_wsdl = {wsdl: name for name, (wsdl, *_) in data.items()}
managed_by_wsdl = {wsdl: name for name, (wsdl, *_) in managed.items()}
subtypes = {}
for name, (_, base, _) in data.items():
    subtypes.setdefault(base, []).append(name)

field_names = set(wanted["fieldNames"]) | {part for paths in wanted["managedTypes"].values() for path in paths for part in path.split(".")}
described = {}


def wanted_fields(name):
    """Names of the fields that are read of a type, in a large family only those that are read of its root."""
    while name in data:
        if names[name] in wanted["families"]:
            return set(wanted["families"][names[name]])
        name = data[name][1]
    return field_names


def has_wanted(name):
    """Whether a type, or one that derives from it, is told apart or adds a field that is read."""
    if names[name] in wanted["caseNames"] or {f[0] for f in data[name][2]} & wanted_fields(name):
        return True
    return any(has_wanted(sub) for sub in subtypes.get(name, []))


def describe(name):
    wsdl = names[name]
    if wsdl in described:
        return
    kept = wanted_fields(name)
    fields = [f for f in all_fields(name) if f[0] in kept]
    base = names.get(data[name][1])
    described[wsdl] = {"base": base, "fields": {f[0]: f[1] + ("?" if f[2] else "") for f in fields}}
    for field in fields:
        follow(field[1])
    for sub in subtypes.get(name, []):
        if has_wanted(sub):
            describe(sub)


def follow(wsdl):
    wsdl = wsdl.removesuffix("[]")
    if wsdl in by_wsdl:
        describe(by_wsdl[wsdl])


result = {"managedTypes": {}, "methods": {}, "requestTypes": {}, "baseTypes": {}, "dataTypes": described}
for wsdl, paths in wanted["managedTypes"].items():
    properties = all_properties(managed_by_wsdl[wsdl])
    firsts = sorted({path.split(".")[0] for path in paths})
    result["managedTypes"][wsdl] = {first: type_name(properties[first]) for first in firsts}
    for first in firsts:
        follow(type_name(properties[first]))
for _, (_, _, _, methods) in managed.items():
    for method in methods:
        if method[1] in wanted["methods"]:
            parameters = [[p[0], type_name(p[1]) + ("?" if p[3] & scope["F_OPTIONAL"] else "")] for p in method[3]]
            returned = type_name(method[4][1])
            result["methods"][method[1]] = {"parameters": parameters, "returns": returned, "privilege": method[5]}
            follow(returned)
for wsdl in wanted["requestTypes"]:
    result["baseTypes"][wsdl] = base_types(by_wsdl[wsdl])
    result["requestTypes"][wsdl] = [[f[0], f[1] + ("?" if f[2] else "")] for f in all_fields(by_wsdl[wsdl])]
json.dump(result, sys.stdout, indent=1, sort_keys=False)
print()
