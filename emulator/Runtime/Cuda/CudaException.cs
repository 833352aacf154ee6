namespace ILGPU.Runtime.Cuda;

/// <summary>What CUDA answers when something fails.</summary>
public enum CudaError
{
    CUDA_SUCCESS = 0,
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    CUDA_ERROR_LAUNCH_FAILED = 719,
}

/// <summary>Something failed in CUDA.</summary>
public sealed class CudaException : AcceleratorException
{
    public CudaException() { }

    public CudaException(CudaError error)
        : base(error.ToString()) => Error = error.ToString();

    public CudaException(string message)
        : base(message) { }

    public CudaException(string message, Exception innerException)
        : base(message, innerException) { }

    public string Error { get; } = "";
    public override AcceleratorType AcceleratorType => AcceleratorType.Cuda;
}
