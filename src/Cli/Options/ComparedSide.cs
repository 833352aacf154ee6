using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Comparison;

namespace ILGpuMobileNet.Cli.Options;

/// <summary>A side of <c>compare</c>: a network with how it runs, or a file of recorded activations.</summary>
/// <param name="Model">The network; of a recording only its path.</param>
/// <param name="Run">How it runs.</param>
internal sealed record ComparedSide(ModelOptions Model, NetworkRunOptions Run)
{
    /// <summary>Whether it is a file of recorded activations.</summary>
    public bool IsRecording => IsRecordingFile(Model.Model);

    /// <summary>Whether a name is that of a file of recorded activations.</summary>
    /// <param name="name">As the user gave it.</param>
    public static bool IsRecordingFile(string name) => name.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name is that of an architecture.</summary>
    /// <param name="name">As the user gave it.</param>
    public static bool IsArchitecture(string name) => !IsRecordingFile(name) && !ModelSource.IsFile(name);
}
