namespace ILGpuMobileNet.Host.Tests.Images;

/// <summary>What ImageSharp, which can take the place of the built-in codecs, does otherwise.</summary>
internal static class CodecDifferences
{
    public static bool IsBuiltIn => ImageFile.CodecName == "built-in";

    /// <summary>The built-in codecs give the reference's pixels.</summary>
    public static int Tolerance(string file) => IsBuiltIn ? 0 : 1;
}
