using System.Globalization;
using System.Reflection;

namespace ILGpuMobileNet.Host.Tests.PublicApi;

/// <summary>A member as text: modifiers, type, name, parameters with their defaults.</summary>
internal static class MemberText
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(MemberInfo member) =>
        member switch
        {
            FieldInfo { IsLiteral: true } field =>
                $"const {TypeText.Of(field.FieldType)} {field.Name} = {Constant(field)}",
            FieldInfo field => $"{Static(field.IsStatic)}{Type(Nullability.Create(field))} {field.Name}",
            PropertyInfo property => Property(property),
            ConstructorInfo constructor => $"new({Parameters(constructor)})",
            MethodInfo method =>
                $"{Static(method.IsStatic)}{Type(Nullability.Create(method.ReturnParameter))} {method.Name}{Generics(method)}({Parameters(method)})",
            _ => throw new NotSupportedException($"{member.MemberType} {member.Name}"),
        };

    private static string Property(PropertyInfo property)
    {
        var accessor = property.GetAccessors(nonPublic: true)[0];
        var setter = property.SetMethod is { IsPublic: true } ? " set;" : "";
        var index = property.GetIndexParameters() is { Length: > 0 } keys
            ? $"[{string.Join(", ", keys.Select(Parameter))}]"
            : "";
        return $"{Static(accessor.IsStatic)}{Type(Nullability.Create(property))} {property.Name}{index} {{ get;{setter} }}";
    }

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(type => type.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var text = $"{Type(Nullability.Create(parameter))} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {parameter.DefaultValue ?? "default"}" : text;
    }

    private static string Type(NullabilityInfo info)
    {
        var isNullable = info.ReadState == NullabilityState.Nullable && !info.Type.IsValueType;
        return TypeText.Of(info.Type) + (isNullable ? "?" : "");
    }

    private static string Constant(FieldInfo field) =>
        Convert.ToString(
            field.FieldType.IsEnum
                ? Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)
                : field.GetRawConstantValue(),
            CultureInfo.InvariantCulture
        )!;
}
