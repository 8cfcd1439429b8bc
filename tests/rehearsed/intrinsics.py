"""A template's functions worked out, as far as parameters and conditions go."""


def resolve(node, stack, parameters):
    """Return `node` with conditions decided and parameters put in; other references stay."""
    if isinstance(node, list):
        return [value for item in node if (value := resolve(item, stack, parameters)) is not None]
    if not isinstance(node, dict):
        return node
    if "Ref" in node:
        return None if node["Ref"] == "AWS::NoValue" else parameters.get(node["Ref"], node)
    if "Fn::If" in node:
        name, then, otherwise = node["Fn::If"]
        chosen = then if is_true(stack["Conditions"][name], parameters) else otherwise
        return resolve(chosen, stack, parameters)
    resolved = {key: resolve(value, stack, parameters) for key, value in node.items()}
    return {key: value for key, value in resolved.items() if value is not None}


def is_true(condition, parameters):
    if "Fn::Not" in condition:
        return not is_true(condition["Fn::Not"][0], parameters)
    if "Fn::And" in condition:
        return all(is_true(part, parameters) for part in condition["Fn::And"])
    left, right = (text(side, parameters) for side in condition["Fn::Equals"])
    return left == right


def text(node, parameters):
    if isinstance(node, dict) and "Fn::Join" in node:
        separator, items = node["Fn::Join"]
        return separator.join(text(items, parameters))
    return parameters[node["Ref"]] if isinstance(node, dict) else node
