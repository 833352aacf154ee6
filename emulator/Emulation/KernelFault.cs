using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>Makes faults that say where they happened.</summary>
internal static class KernelFault
{
    public static KernelFaultException Of(FaultKind kind, string what, SourceLine source, Exception? inner = null) =>
        Of(kind, what, source, -1, -1, inner);

    public static KernelFaultException At<T>(
        FaultKind kind,
        string what,
        ArrayView<T> view,
        long index,
        SourceLine source
    )
        where T : unmanaged =>
        Of(
            kind,
            $"{what}: element {index} of a view of {view.Length} {typeof(T).Name} in {Name(view.Memory)} memory",
            source,
            index,
            view.OffsetInBytes + index * Interop.SizeOf<T>(),
            null
        );

    /// <summary>What a kernel threw, as a fault of it.</summary>
    public static Exception Wrap(Exception exception) =>
        exception is AcceleratorException
            ? exception
            : Of(FaultKind.Exception, $"{exception.GetType().Name}: {exception.Message}", default, exception);

    private static KernelFaultException Of(
        FaultKind kind,
        string what,
        SourceLine source,
        long element,
        long address,
        Exception? inner
    )
    {
        var run = GroupRun.Current;
        var message = what + (address < 0 ? "" : $", byte {address}");
        if (run != null)
        {
            message += $"; kernel {run.KernelName}, group {run.Group}, thread {run.Thread}";
        }

        message += source.Line > 0 ? $", {source}." : ".";
        return new KernelFaultException(message, inner!)
        {
            Kind = kind,
            Kernel = run?.KernelName ?? "",
            Group = run?.Group ?? default,
            Thread = run?.Thread ?? default,
            Element = element,
            Address = address,
            SourceLine = source,
        };
    }

    private static string Name(Memory? memory) =>
        memory?.Space switch
        {
            MemorySpace.Shared => "shared",
            MemorySpace.Local => "local",
            MemorySpace.Host => "host",
            MemorySpace.Global => "global",
            _ => "no",
        };
}
