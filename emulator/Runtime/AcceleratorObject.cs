namespace ILGPU.Runtime;

/// <summary>What belongs to an accelerator and ends before it.</summary>
public abstract class AcceleratorObject(Accelerator accelerator) : IDisposable
{
    public Accelerator Accelerator { get; } = accelerator;
    public AcceleratorType AcceleratorType => Accelerator.AcceleratorType;
    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            Dispose(disposing: true);
        }

        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
