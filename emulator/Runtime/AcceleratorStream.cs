namespace ILGPU.Runtime;

/// <summary>An order of work. What is put into it is done at once here.</summary>
public sealed class AcceleratorStream : AcceleratorObject
{
    internal AcceleratorStream(Accelerator accelerator)
        : base(accelerator) { }

    public void Synchronize() => Accelerator.EnsureUsable(this);

    public Task SynchronizeAsync()
    {
        Synchronize();
        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing) { }
}
