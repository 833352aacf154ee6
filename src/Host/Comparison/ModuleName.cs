namespace ILGpuMobileNet.Host.Comparison;

/// <summary>Names of PyTorch's modules in what is made of a network.</summary>
internal static class ModuleName
{
    /// <summary>
    /// The module that a node of a file stands in that PyTorch exported: <c>/features/features.0/features.0.0/Conv</c>
    /// stands in <c>features.0.0</c>. Every part is a module's name within its parent; children of a sequence have the
    /// sequence's name before their number.
    /// </summary>
    /// <param name="name">Name of a node or of its output.</param>
    /// <returns>None where the name has no such parts.</returns>
    public static string? Of(string name)
    {
        if (!name.StartsWith('/'))
        {
            return null;
        }
        var parts = new List<string>();
        foreach (var part in name[1..].Split('/').SkipLast(1))
        {
            if (parts is [.., var parent] && part.StartsWith($"{parent}.", StringComparison.Ordinal))
            {
                parts[^1] = part;
            }
            else
            {
                parts.Add(part);
            }
        }
        return parts.Count > 0 ? string.Join('.', parts) : null;
    }
}
