using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Network.Tests.TensorFlow;

/// <summary>The models that <c>eng/tfjs-goldens.js</c> wrote.</summary>
internal static class TensorFlowGolden
{
    /// <summary>A file of a golden model.</summary>
    /// <param name="parts">Name of the model and of the file.</param>
    public static string PathOf(params string[] parts) =>
        Path.Combine([AppContext.BaseDirectory, "TensorFlow", "Goldens", .. parts]);

    /// <summary>An array of TensorFlow.js.</summary>
    /// <param name="parts">Name of the model and of the file.</param>
    public static Tensor Array(params string[] parts) => Npy.Read(PathOf(parts));
}
