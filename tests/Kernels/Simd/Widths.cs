using ILGpuMobileNet.Kernels.Simd;
using ILGpuMobileNet.Reference.Operations;

namespace ILGpuMobileNet.Kernels.Tests.Simd;

/// <summary>Every case on every vector width; the runtime emulates those that the machine does not have.</summary>
internal static class Widths
{
    public static TheoryData<T, SimdWidth> Times<T>(IEnumerable<T> cases)
    {
        var data = new TheoryData<T, SimdWidth>();
        foreach (var one in cases)
        {
            foreach (var width in Enum.GetValues<SimdWidth>())
            {
                data.Add(one, width);
            }
        }
        return data;
    }

    public static void AssertClose(IReadOnlyCollection<double> expected, float[] actual) =>
        Assert.InRange(Closeness.RelativeError(expected, actual), 0, 1e-5);
}
