using System.Runtime.InteropServices;
using ILGPU.Runtime;

namespace ILGPU.Emulation;

/// <summary>Copies to, from and within memory of a device. A copy carries with it what was never written.</summary>
internal static unsafe class MemoryCopy
{
    public static Span<T> Span<T>(ref T first, long length) =>
        MemoryMarshal.CreateSpan(ref first, checked((int)length));

    public static void ToHost<T>(in ArrayView<T> source, AcceleratorStream? stream, Span<T> target)
        where T : unmanaged
    {
        using var scope = Begin(source.AsRawArrayView(), stream);
        EnsureFits(source.Length, target.Length, isRead: true);
        // The device copies what it finds; the host gets what was never written as zeros, the same every time.
        var bytes = MemoryMarshal.AsBytes(target);
        new ReadOnlySpan<byte>(source.Memory!.Start + source.OffsetInBytes, bytes.Length).CopyTo(bytes);
        ClearUnwritten(source.Memory, source.OffsetInBytes, bytes);
    }

    public static void FromHost<T>(in ArrayView<T> target, AcceleratorStream? stream, ReadOnlySpan<T> source)
        where T : unmanaged
    {
        using var scope = Begin(target.AsRawArrayView(), stream);
        EnsureFits(source.Length, target.Length, isRead: false);
        var bytes = MemoryMarshal.AsBytes(source);
        bytes.CopyTo(new Span<byte>(target.Memory!.Start + target.OffsetInBytes, bytes.Length));
        target.Memory.MarkWritten(target.OffsetInBytes, bytes.Length);
    }

    public static T[] ToArray<T>(in ArrayView<T> source, AcceleratorStream? stream)
        where T : unmanaged
    {
        var data = new T[source.Length];
        if (data.Length > 0)
        {
            ToHost(source, stream, data);
        }

        return data;
    }

    public static void Between(ArrayView<byte> source, ArrayView<byte> target, AcceleratorStream? stream)
    {
        using var scope = Begin(target, stream);
        EnsureUsable(source);
        EnsureFits(source.Length, target.Length, isRead: false);
        var from = source.Memory!;
        Buffer.MemoryCopy(
            from.Start + source.OffsetInBytes,
            target.Memory!.Start + target.OffsetInBytes,
            target.Length,
            source.Length
        );
        for (var at = 0L; at < source.Length; at += 1L << from.CellShift)
        {
            if (from.Space == MemorySpace.Host || from.Shadow[(source.OffsetInBytes + at) >> from.CellShift] != 0)
            {
                target.Memory.MarkWritten(
                    target.OffsetInBytes + at,
                    Math.Min(1L << from.CellShift, source.Length - at)
                );
            }
        }
    }

    public static void Fill(ArrayView<byte> target, AcceleratorStream? stream, byte value)
    {
        using var scope = Begin(target, stream);
        NativeMemory.Fill(target.Memory!.Start + target.OffsetInBytes, (nuint)target.Length, value);
        target.Memory.MarkWritten(target.OffsetInBytes, target.Length);
    }

    private static Lock.Scope Begin(ArrayView<byte> view, AcceleratorStream? stream)
    {
        EnsureUsable(view);
        var accelerator =
            view.Memory!.Accelerator
            ?? stream?.Accelerator
            ?? throw KernelFault.Of(FaultKind.WrongAccelerator, "A copy within the host's memory", default);
        accelerator.EnsureUsable(stream);
        var scope = accelerator.Gate.EnterScope();
        try
        {
            accelerator.Injection.Copying();
            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    private static void EnsureUsable(ArrayView<byte> view)
    {
        if (view.Memory is null)
        {
            throw KernelFault.Of(FaultKind.OutOfRange, "A copy of a view without memory", default);
        }

        if (view.Memory.Space == MemorySpace.Disposed)
        {
            throw KernelFault.Of(FaultKind.Disposed, "A copy of a disposed buffer", default);
        }
    }

    private static void EnsureFits(long source, long target, bool isRead)
    {
        // Reading, the host may ask for a part; writing, it may give a part.
        if (isRead ? target > source : source > target)
        {
            throw new ArgumentOutOfRangeException(
                nameof(source),
                $"{source} elements were given to copy to {target}: the shorter side decides, the longer is too long."
            );
        }
    }

    private static void ClearUnwritten(Memory memory, long offset, Span<byte> bytes)
    {
        if (memory.Space == MemorySpace.Host || memory.IsWritten(offset, Math.Max(bytes.Length, 1)))
        {
            return;
        }

        for (var at = 0; at < bytes.Length; at++)
        {
            if (memory.Shadow[(offset + at) >> memory.CellShift] == 0)
            {
                bytes[at] = 0;
            }
        }
    }
}
