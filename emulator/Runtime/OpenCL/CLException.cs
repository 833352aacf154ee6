namespace ILGPU.Runtime.OpenCL;

/// <summary>What OpenCL answers when something fails.</summary>
public enum CLError
{
    CL_SUCCESS = 0,
    CL_MEM_OBJECT_ALLOCATION_FAILURE = -4,
    CL_OUT_OF_RESOURCES = -5,
    CL_OUT_OF_HOST_MEMORY = -6,
}

/// <summary>Something failed in OpenCL.</summary>
public sealed class CLException : AcceleratorException
{
    public CLException() { }

    public CLException(CLError error)
        : base(error.ToString()) => Error = error;

    public CLException(string message)
        : base(message) { }

    public CLException(string message, Exception innerException)
        : base(message, innerException) { }

    public CLError Error { get; }
    public override AcceleratorType AcceleratorType => AcceleratorType.OpenCL;
}
