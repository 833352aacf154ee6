using ILGpuMobileNet.Network.Execution;

namespace ILGpuMobileNet.Host.Tests.Serving;

/// <summary>A real session whose device fails now and then, at random, until it is opened again.</summary>
internal sealed class FlakySession(ISession inner, string device, double failureRate, Random random, Action onFailure)
    : WrappedSession(inner)
{
    private bool _isBroken;

    public override string Device => device;

    public override void Run(ReadOnlySpan<float> input, ReadOnlySpan<Memory<float>> outputs, int batch)
    {
        base.Run(input, outputs, batch);
        lock (random)
        {
            _isBroken |= random.NextDouble() < failureRate;
        }
        if (_isBroken)
        {
            foreach (var output in outputs)
            {
                output.Span.Fill(float.NaN); // what a broken device leaves must reach nobody
            }
            onFailure();
            throw new DeviceException(device, "broke.", true, null);
        }
    }
}
