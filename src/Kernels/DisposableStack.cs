namespace ILGpuMobileNet.Kernels;

/// <summary>Owns what was taken one after the other, and gives it back in the opposite order, whatever fails.</summary>
internal sealed class DisposableStack : IDisposable
{
    private readonly Stack<IDisposable> _owned = [];

    /// <summary>Owns one more.</summary>
    /// <param name="item">What is disposed with this.</param>
    public T Push<T>(T item)
        where T : IDisposable
    {
        _owned.Push(item);
        return item;
    }

    /// <summary>Gives everything back; throws the last fault after the rest is done.</summary>
    public void Dispose()
    {
        while (_owned.TryPop(out var item))
        {
            try
            {
                item.Dispose();
            }
            catch
            {
                Dispose();
                throw;
            }
        }
    }
}
