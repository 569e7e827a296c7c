"""One order and one set of names for an ONNX graph, so that the same network gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping

import onnx


def order_graph(graph: onnx.GraphProto, names: Mapping[str, str]) -> None:
    """Bring nodes and constants of a graph into the order in which its outputs ask for them, and name them by it.

    The conversion to ONNX orders and numbers them by chance, another way in every process.

    Parameters
    ----------
    graph : onnx.GraphProto
        Graph without subgraphs; changed in place. Nodes that no output needs are left out.
    names : mapping of str to str
        New names of its inputs and outputs.
    """
    made_by = {name: node for node in graph.node for name in node.output}
    constants = {constant.name: constant for constant in graph.initializer}
    nodes, used = [], {}
    names = dict(names)
    # Depth first without recursion, since a large network is deeper than Python's stack.
    waiting = [(made_by[value.name], False) for value in reversed(graph.output)]
    done = set()
    while waiting:
        node, ready = waiting.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            nodes.append(node)
            continue
        waiting.append((node, True))
        waiting += [(made_by[name], False) for name in reversed(node.input) if name in made_by]
    for number, node in enumerate(nodes):
        node.name = f"{node.op_type}_{number}"
        for place, name in enumerate(node.input):
            if name in constants and name not in used:
                used[name] = constants[name]
                names[name] = f"{node.name}_input_{place}"
        for place, name in enumerate(node.output):
            names.setdefault(name, f"{node.name}_{place}")
    for node in nodes:
        for place in (node.input, node.output):
            place[:] = [names.get(name, name) for name in place]
    for value in (*graph.input, *graph.output, *used.values()):
        value.name = names[value.name]
    ordered = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    weights = [onnx.TensorProto.FromString(constant.SerializeToString()) for constant in used.values()]
    for field, content in ((graph.node, ordered), (graph.initializer, weights), (graph.value_info, [])):
        del field[:]
        field.extend(content)
