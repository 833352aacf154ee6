namespace ILGpuMobileNet.Reference;

/// <summary>A package of npm that <c>eng/setup-peers</c> installs.</summary>
internal static class NodePackage
{
    /// <summary>Whether node and the package are there.</summary>
    /// <param name="name">Name of the package.</param>
    public static bool IsInstalled(string name) =>
        Directory.Exists(Repository.PathOf("artifacts", "peers", "node_modules", name))
        && (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, "node")));
}
