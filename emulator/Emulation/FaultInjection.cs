using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>Lets work on an accelerator fail on purpose, as where a driver loses its device.</summary>
public sealed class FaultInjection
{
    private readonly Trap launch = new();
    private readonly Trap copy = new();
    private readonly Trap allocation = new();

    internal FaultInjection() { }

    public static FaultInjection Of(Accelerator accelerator) => accelerator.Injection;

    /// <summary>Lets the <paramref name="nth"/> launch from now fail; 1 is the next.</summary>
    public void FailLaunch(int nth, string message) => launch.Set(nth, message);

    /// <summary>Lets the <paramref name="nth"/> copy or memset from now fail; 1 is the next.</summary>
    public void FailCopy(int nth, string message) => copy.Set(nth, message);

    /// <summary>Lets the <paramref name="nth"/> allocation from now fail; 1 is the next.</summary>
    public void FailAllocation(int nth, string message) => allocation.Set(nth, message);

    internal void Launching() => launch.Step();

    internal void Copying() => copy.Step();

    internal void Allocating() => allocation.Step();

    private sealed class Trap
    {
        private int left;
        private string message = "";

        public void Set(int nth, string text)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
            message = text;
            Volatile.Write(ref left, nth);
        }

        public void Step()
        {
            if (Volatile.Read(ref left) > 0 && Interlocked.Decrement(ref left) == 0)
            {
                throw new InjectedFaultException(message);
            }
        }
    }
}

/// <summary>A fault that a test asked for.</summary>
public sealed class InjectedFaultException : AcceleratorException
{
    public InjectedFaultException() { }

    public InjectedFaultException(string message)
        : base(message) { }

    public InjectedFaultException(string message, Exception innerException)
        : base(message, innerException) { }

    public override AcceleratorType AcceleratorType => AcceleratorType.CPU;
}
